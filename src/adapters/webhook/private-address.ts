import { BlockList, isIP } from 'node:net';

type Networks = Readonly<Record<'ipv4' | 'ipv6', BlockList>>;

/** Networks that no address of a partner can lie in: our own machine, our own networks, and those of nobody. */
const inward: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // All but 2000::/3, whose addresses alone are public: the rest holds our own ones, and IPv4 addresses in the clothes of
  // IPv6 ones, by mapping and by NAT64. By Teredo and 6to4 there are some within it.
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
];

/** Says of an address whether something may be sent to it. `allowed`: networks of our own, `10.1.0.0/16`. */
export function createAddressGuard(allowed: readonly string[]): (address: string) => boolean {
  const [refused, permitted] = [networksOf(inward), networksOf(allowed)];
  return (address) => {
    const family = familyOf(address);
    return permitted[family].check(address, family) || !refused[family].check(address, family);
  };
}

/** A list for each family: Node finds every IPv4 address in a network of IPv6 that holds the mapped ones. */
function networksOf(networks: readonly string[]): Networks {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const network of networks) {
    const [base = '', prefix = ''] = network.split('/');
    const family = familyOf(base);
    lists[family].addSubnet(base, Number(prefix), family);
  }
  return lists;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
