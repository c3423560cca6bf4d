import { Text, letter } from "./text";

/**
 * Bytes that grow, and are used over and over. They lie outside the collector's
 * reach, so that their address stays until they grow.
 */
@final
export class Writer {
  /** Where the bytes begin; another place after they have grown. */
  at: usize = 0;
  /** How many have been written; may be set back to forget the last. */
  n: i32 = 0;
  private size: u32 = 0;

  clear(): void {
    this.n = 0;
  }

  /**
   * Makes room for more bytes, at least double what there was: what has grown
   * step by step leaves gaps, and all of them together are smaller than this.
   */
  reserve(more: i32): void {
    const want = <u32>this.n + <u32>more;
    if (want <= this.size) return;
    const size = max(want, 2 * this.size);
    const at = heap.alloc(size); // traps where there is no memory
    memory.copy(at, this.at, this.n);
    if (this.at != 0) heap.free(this.at);
    this.at = at;
    this.size = size;
  }

  byte(c: u8): void {
    this.reserve(1);
    store<u8>(this.at + this.n, c);
    this.n++;
  }

  text(text: Text): void {
    this.reserve(text.n);
    memory.copy(this.at + this.n, text.at, text.n);
    this.n += text.n;
  }

  /** Writes a word in ASCII. */
  word(word: string): void {
    this.reserve(word.length);
    const at = this.at + this.n;
    for (let i = 0; i < word.length; i++) store<u8>(at + i, letter(word, i));
    this.n += word.length;
  }

  /** What was written from byte i on; it stays until something is written. */
  since(i: i32): Text {
    return new Text(this.at + i, this.n - i);
  }
}
