// The types the schema is generated from: everything an app can put in front of a person.
import type { HomeView, KnownBlock, ModalView } from '@slack/types';

export type Surface = KnownBlock | ModalView | HomeView;
