// A process of its own that runs the bot's classification once. Prints one line of JSON.
import { openClassifier } from './classifier.ts';

const [url = '', since = '', until = '', pattern = '', explain] = process.argv.slice(2);

const classifier = openClassifier(url);
const format = explain === 'text' || explain === 'json' ? explain : undefined;
const ran = await classifier.run({ since, until }, pattern, format);
await classifier.close();
process.stdout.write(`${JSON.stringify(ran)}\n`);
