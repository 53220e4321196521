/** Is told how much of a long piece of work is done. */
export type Progress = (done: number, of: number) => void;
