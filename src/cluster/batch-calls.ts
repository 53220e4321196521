/** Asks together what is asked for in one turn of the event loop: a message costs more than what it says. */
import { setImmediate } from 'node:timers/promises';

/** Answers each question by `askAll`, which gives its answers in the order of the questions. */
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
