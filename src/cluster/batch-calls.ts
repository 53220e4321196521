import { setImmediate } from 'node:timers/promises';

/**
 * Batches the calls of one turn of the event loop into one call of `callAll`, because sending a message costs
 * more than its contents. `callAll` returns outputs in the order of the inputs.
 */
export function batchCalls<Input, Output>(
  callAll: (inputs: Input[]) => Promise<Output[]>,
): (input: Input) => Promise<Output> {
  let batch: { inputs: Input[]; outputs: Promise<Output[]> } | null = null;
  const startBatch = () => {
    const inputs: Input[] = [];
    const outputs = setImmediate().then(() => {
      batch = null;
      return callAll(inputs);
    });
    return { inputs, outputs };
  };
  return async (input) => {
    batch ??= startBatch();
    const { inputs, outputs } = batch;
    const index = inputs.push(input) - 1;
    return (await outputs)[index] as Output;
  };
}
