import { describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../../src/adapters/webhook/private-address.ts';

const mayReach = createAddressGuard(['10.1.0.0/16', 'fd12::/16']);

describe('an address of a partner', () => {
  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'that is public is reached: %s',
    (address) => expect(mayReach(address)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '10.2.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.1.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2001::1',
    '2002:a00:1::',
    '5f00::1',
    'fd00::1',
    'fe80::1%lo',
    'ff02::1',
  ])('that is not public is never reached: %s', (address) => expect(mayReach(address)).toBe(false));

  it('in a network that is allowed is reached', () => {
    expect(mayReach('10.1.255.1')).toBe(true);
    expect(mayReach('fd12::1')).toBe(true);
  });

  it('is not let in by a network of the other family', () => {
    expect(createAddressGuard(['::/0'])('10.2.0.1')).toBe(false);
  });
});
