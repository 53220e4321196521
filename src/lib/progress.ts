/** Is told how much of a long piece of work is done. */
export type ReportProgress = (done: number, total: number) => void;
