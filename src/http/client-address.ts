/** Address of the client, also behind trusted proxies. */
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** True if an address, as it stands in `X-Forwarded-For`, is that of a trusted proxy. */
export type TrustsAddress = (address: string) => boolean;

/** Returns the check for CIDR blocks such as `10.0.0.0/8`. */
export function createTrustCheck(cidrs: readonly string[]): TrustsAddress {
  const trusted = new BlockList();
  for (const cidr of cidrs) {
    const [network = '', bits] = cidr.split('/');
    trusted.addSubnet(network, Number(bits), toFamily(network));
  }
  return (text) => {
    const address = parseAddress(text);
    return address !== null && trusted.check(address, toFamily(address));
  };
}

/**
 * Returns the address of the client. An entry of `X-Forwarded-For` that is no address, such as `unknown`, is
 * that of the proxy which sent it, because otherwise a client could evade its rate limit by making up names.
 */
export function getClientAddress({ ip, ips }: FastifyRequest): string {
  // `ips` begins with the nearest proxy and ends with the first address that is not trusted.
  for (const text of ips?.toReversed() ?? []) {
    const address = parseAddress(text);
    if (address !== null) return address;
  }
  return parseAddress(ip) ?? ip;
}

const BRACKETED = /^\[([^\]]*)\](?::\d+)?$/;
const WITH_PORT = /^([\d.]+):\d+$/;
const IPV4_MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

/**
 * Parses an address with or without a port, as proxies write it: `192.0.2.1`, `192.0.2.1:5001`, `2001:db8::1`,
 * `[2001:db8::1]:443`, with quotes or a zone. Returns one spelling for each address, and null for other texts.
 */
function parseAddress(text: string | undefined): string | null {
  // A connection that was reset has no address.
  if (text === undefined) return null;
  const unquoted = text.trim().replace(/^"(.*)"$/, '$1');
  const [, host = unquoted] = BRACKETED.exec(unquoted) ?? WITH_PORT.exec(unquoted) ?? [];
  const address = host.split('%', 1)[0] as string;
  const version = isIP(address);
  if (version !== 6) return version === 4 ? address : null;
  const { hostname } = new URL(`http://[${address}]`);
  const [, high, low] = IPV4_MAPPED.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return hostname.slice(1, -1);
  return [high, low]
    .flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255])
    .join('.');
}

const toFamily = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');
