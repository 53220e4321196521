/** Versions of Node that run the TypeScript sources. Plain JavaScript, for older versions of Node. */

/** True for versions that strip types by default: 22.18 and later 22.x, 23.6 and later. */
export function isSupportedVersion(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/** Prints that Node is too old, and lets the process exit with 1. */
export function reportUnsupportedVersion(hint) {
  process.stderr.write(
    `Summit Facts requires Node 22.18 or later (24 is recommended); this is Node ${process.versions.node}${hint}\n`,
  );
  process.exitCode = 1;
}
