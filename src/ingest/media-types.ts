/** As what a dossier can be sent. */
export const JSON_BODY = 'application/json';
export const YAML_BODIES = ['application/yaml', 'application/x-yaml', 'text/yaml'];
