/** Callback for the progress of a long task. */
export type ReportProgress = (done: number, total: number) => void;
