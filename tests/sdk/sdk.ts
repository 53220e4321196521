/** Client generator, with the commands to generate, compile and run its client. */
export interface Sdk {
  /** Name of its folder, such as `openapi-typescript`. */
  name: string;
  language: string;
  /** OpenAPI document that it reads. */
  document: 'openapi.yaml' | 'openapi-3.0.yaml';
  /** Required programs, each as a command that prints its version. */
  toolchain: string[][];
  /** Steps that run in order in the folder. All must succeed; `generate` and `compile` are checks too. */
  steps: Step[];
  /** Command that runs in the folder with BASE_URL and API_KEY, and prints the Journey as JSON to stdout. */
  journey: string[];
  /** Subfolders with generated sources, whose names are checked. They are removed before the first step. */
  generated: string[];
  /** Subfolders of those with a library that is the same for every document. Its names are not checked. */
  bundled?: string[];
  /** File extension of the generated sources that are checked. */
  extension: string;
  /** Patterns of ugly names, with the g flag, and their meanings. */
  ugly: Ugliness[];
  /** Exact matches that are allowed, each with the reason. All others fail. */
  allowed: Record<string, string>;
}

export interface Step {
  name: 'install' | 'generate' | 'compile' | (string & {});
  command: string[];
  /** True if the step uses a registry, which can be unreachable for a moment. Such a step is retried. */
  network?: true;
  /** Additional environment variables. */
  env?: Record<string, string>;
}

export interface Ugliness {
  what: string;
  pattern: RegExp;
}
