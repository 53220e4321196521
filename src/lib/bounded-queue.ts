/** Queue with a limit on the work that it holds, and on the work that runs at a time. */
import pLimit from 'p-limit';
import { rejectOnAbort } from './abort.ts';

export interface BoundedQueueOptions {
  /** Maximum amount of work that runs at a time. */
  concurrency: number;
  /** Maximum number of slots in use. */
  capacity: number;
  /** Creates the error for work that the full queue rejects. */
  createFullError(): Error;
}

/** Reserved slot of a queue. It stays in use until it is released and its work has ended. */
export interface Slot {
  /**
   * Runs `work` once fewer than `concurrency` others run, unless the slot has been released or the queue has
   * closed by then. Rejects as soon as `signal` aborts; work that runs by then is not interrupted.
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Releases the slot; work that has not started rejects with `reason`. */
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
    let references = 1;
    const addReference = () => {
      references += 1;
      let isDropped = false;
      return () => {
        if (isDropped) return;
        isDropped = true;
        dropReference();
      };
    };
    const dropReference = () => {
      references -= 1;
      if (references === 0) this.#slotsInUse -= 1;
    };
    return {
      run: (work, signal) => this.#enqueue(work, { released: released.signal, signal, drop: addReference() }),
      release(reason) {
        if (released.signal.aborted) return;
        released.abort(reason);
        dropReference();
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

  /** Calls `drop` when the work has ended, or when `signal` aborts before it has started. */
  #enqueue<T>(work: () => Promise<T>, { released, signal, drop }: QueuedWork): Promise<T> {
    let hasStarted = false;
    const result = this.#limit(() => {
      for (const each of [this.#closing.signal, released, signal]) each?.throwIfAborted();
      hasStarted = true;
      return work();
    });
    this.#pending.add(result);
    const onEnd = () => {
      this.#pending.delete(result);
      drop();
    };
    result.then(onEnd, onEnd);
    if (!signal) return result;
    return rejectOnAbort(result, signal).catch((error: unknown) => {
      if (!hasStarted) drop();
      throw error;
    });
  }
}

interface QueuedWork {
  released: AbortSignal;
  signal: AbortSignal | undefined;
  drop(): void;
}
