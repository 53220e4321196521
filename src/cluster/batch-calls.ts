/** Asks together what is asked for in one turn of the event loop: a message costs more than what it says. */
import { setImmediate } from 'node:timers/promises';

/** Answers each question by `askAll`, which gives its answers in the order of the questions. */
export function batched<Q, A>(askAll: (questions: Q[]) => Promise<A[]>): (question: Q) => Promise<A> {
  let batch: { questions: Q[]; answers: Promise<A[]> } | null = null;
  const begin = () => {
    const questions: Q[] = [];
    const answers = setImmediate().then(() => {
      batch = null;
      return askAll(questions);
    });
    return { questions, answers };
  };
  return async (question) => {
    batch ??= begin();
    const { questions, answers } = batch;
    const place = questions.push(question) - 1;
    return (await answers)[place] as A;
  };
}
