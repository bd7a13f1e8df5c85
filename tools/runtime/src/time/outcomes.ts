/** The outcomes of promises that run side by side, in the order in which they end. */
export class Outcomes<T extends object> {
  readonly #ended: T[] = [];
  #wake: () => void = () => undefined;

  /** Takes a promise that never rejects. */
  add(running: Promise<T>): void {
    void running.then((outcome) => {
      this.#ended.push(outcome);
      this.#wake();
      return undefined;
    });
  }

  async next(): Promise<T> {
    for (;;) {
      const outcome = this.#ended.shift();
      if (outcome) return outcome;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
