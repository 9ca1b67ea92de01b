// What a process remembers of others is bounded: anybody may send it more names than it has room for.

/** Puts it in as the newest, and forgets the oldest beyond `most`. */
export function remember<Key, Value>(known: Map<Key, Value>, key: Key, value: Value, most: number): void {
  known.delete(key);
  known.set(key, value);
  for (const oldest of known.keys()) {
    if (known.size <= most) break;
    known.delete(oldest);
  }
}
