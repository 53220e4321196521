/** One generator of clients: how its client is made of our document, compiled and used. */
export interface Sdk {
  /** The name of its folder, such as `openapi-typescript`. */
  name: string;
  language: string;
  /** Which of our documents it reads. */
  document: 'openapi.yaml' | 'openapi-3.0.yaml';
  /** What must be on the machine, each as a command that prints its version. */
  toolchain: string[][];
  /** Run in order in the folder. Steps called `generate` and `compile` are checks, any other must succeed as well. */
  steps: Step[];
  /** Run in the folder with BASE_URL and API_KEY in its environment; prints one JSON object, the Journey, on standard output. */
  journey: string[];
  /** Folders (within its own) of generated sources, whose names are counted. They are emptied before the first step. */
  generated: string[];
  /** Folders in them with a library that comes along, the same for every document: names in it are not counted. */
  bundled?: string[];
  /** Which generated files count, by the end of their names. */
  extension: string;
  /** What is ugly in what it makes: a pattern with the g flag and what it stands for. */
  ugly: Ugliness[];
  /** Exact matches that stay, each with its reason. The count of all others is held at zero. */
  allowed: Record<string, string>;
}

export interface Step {
  name: 'install' | 'generate' | 'compile' | (string & {});
  command: string[];
  /** It asks a registry, which may be out of reach for a moment: so it is tried again. */
  network?: true;
  /** Added to the environment. */
  env?: Record<string, string>;
}

export interface Ugliness {
  what: string;
  pattern: RegExp;
}
