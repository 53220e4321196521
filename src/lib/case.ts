/** How names are written where others make the rules. */

/** `battle-group-deployments` → `BattleGroupDeployments`, `timeline.csv` → `TimelineCsv`, `hostCountry` → `HostCountry` */
export const pascalCase = (words: string): string =>
  words.replace(/(?:^|[^A-Za-z0-9])(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `place.countryCode` → `place_country_code`, `battle-group-deployments` → `battle_group_deployments` */
export const snakeCase = (path: string): string =>
  path.replaceAll(/[.-]/g, '_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
