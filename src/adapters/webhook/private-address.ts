import { BlockList, isIP } from 'node:net';

/** Networks that no address of a partner can lie in: our own machine, our own networks, and those of nobody. */
const inward: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['::1', 128],
  // An IPv4 address in the clothes of an IPv6 one, by mapping, by NAT64, by 6to4 and by Teredo.
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 23],
  ['2002::', 16],
  ['100::', 64],
  ['2001:db8::', 32],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

/** Says of an address whether something may be sent to it. `allowed`: networks of our own, `10.1.0.0/16`. */
export function createAddressGuard(allowed: readonly string[]): (address: string) => boolean {
  const [refused, permitted] = [new BlockList(), new BlockList()];
  for (const [network, prefix] of inward) refused.addSubnet(network, prefix, familyOf(network));
  for (const network of allowed) {
    const [base = '', prefix = ''] = network.split('/');
    permitted.addSubnet(base, Number(prefix), familyOf(base));
  }
  return (address) => {
    const family = familyOf(address);
    return permitted.check(address, family) || !refused.check(address, family);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
