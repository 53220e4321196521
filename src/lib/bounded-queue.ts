/** Queue with a limit on the work that it holds, and on the work that runs at a time. */
import pLimit from 'p-limit';

export interface BoundedQueueOptions {
  /** Maximum amount of work that runs at a time. */
  concurrency: number;
  /** Maximum number of slots in use. */
  capacity: number;
  /** Creates the error for work that the full queue rejects. */
  createFullError(): Error;
}

/** Place in a queue. It is in use until its holder has released it and its work has ended. */
export interface Slot {
  /**
   * Runs `work` when its turn comes, unless the slot has been released or the queue has closed by then.
   * Rejects as soon as `signal` aborts; work that runs by then is not interrupted, and keeps the slot in use.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Ends the holder's use of the slot; work that has not started rejects with `reason`. */
  release(reason?: Error): void;
}

export class BoundedQueue {
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #options: BoundedQueueOptions;
  readonly #closing = new AbortController();
  readonly #pending = new Set<Promise<unknown>>();
  #slotsInUse = 0;

  constructor(options: BoundedQueueOptions) {
    this.#options = options;
    this.#limit = pLimit(options.concurrency);
  }

  /** Reserves a slot for work that arrives later; throws if the queue is full or closed. */
  reserve(): Slot {
    this.#closing.signal.throwIfAborted();
    if (this.#slotsInUse >= this.#options.capacity) throw this.#options.createFullError();
    this.#slotsInUse += 1;
    const released = new AbortController();
    let uses = 1;
    const endUse = () => {
      uses -= 1;
      if (uses === 0) this.#slotsInUse -= 1;
    };
    return {
      run: (work, signal) => {
        uses += 1;
        const result = this.#enqueue(work, [
          this.#closing.signal,
          released.signal,
          ...(signal ? [signal] : []),
        ]);
        result.then(endUse, endUse);
        return signal ? rejectOnAbort(result, signal) : result;
      },
      release(reason) {
        if (released.signal.aborted) return;
        released.abort(reason);
        endUse();
      },
    };
  }

  /** Runs `work` in a slot of its own; rejects if the queue is full or closed. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const slot = this.reserve();
    return slot.run(work, signal).finally(() => slot.release());
  }

  /** Rejects work that has not started with `reason`, and waits for the work that runs. */
  async close(reason: Error): Promise<void> {
    this.#closing.abort(reason);
    await Promise.allSettled(this.#pending);
  }

  #enqueue<T>(work: () => Promise<T>, signals: AbortSignal[]): Promise<T> {
    const result = this.#limit(() => {
      for (const signal of signals) signal.throwIfAborted();
      return work();
    });
    this.#pending.add(result);
    const forget = () => void this.#pending.delete(result);
    result.then(forget, forget);
    return result;
  }
}

/** Returns the result of `promise`, or rejects as soon as `signal` aborts. */
export async function rejectOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
