/** Dossier folder that the server could not import when it started. */
export interface RejectedFolder {
  folder: string;
  /** Reasons; at least one. */
  messages: string[];
}

/** State of the server that lasts until it is restarted, which `/readyz` and `/metrics` report. */
export interface ServerStatus {
  isReadOnly: boolean;
  rejectedFolders: RejectedFolder[];
}
