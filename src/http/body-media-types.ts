/** Media types of a dossier in a request body. */
export const JSON_BODY_MEDIA_TYPE = 'application/json';
export const YAML_BODY_MEDIA_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];
export const BODY_MEDIA_TYPES = [JSON_BODY_MEDIA_TYPE, ...YAML_BODY_MEDIA_TYPES];
