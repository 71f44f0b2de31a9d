import { Injectable } from '@nestjs/common';
import { type FieldFault, ValidationError } from '../../core/context/errors.js';
import { ResourceService } from '../../core/resource/resource.service.js';
import { addressOf, hostsOf, overlappingPairs, rangeOf, textOf } from './address-range.js';
import { Network } from './network.entity.js';

const MAX_PAIRS = 1_000;
type NetworkPair = { networks: [Network, Network] };

@Injectable()
export class NetworksService extends ResourceService(Network) {
  /** Pairs of networks of one client that share addresses, by where they begin; at most 1,000 pairs. */
  async overlaps(client_id: string): Promise<{ items: NetworkPair[]; truncated: boolean }> {
    const items: NetworkPair[] = [];
    for await (const pair of overlappingPairs(this.all({ client_id }), one => rangeOf(one.cidr))) {
      if (items.length === MAX_PAIRS) return { items, truncated: true };
      items.push({ networks: pair });
    }
    return { items, truncated: false };
  }

  /** The first free addresses: outside of DHCP, and neither gateway, name server nor a known machine. */
  async availableIps(id: string, count: number): Promise<string[]> {
    const network = await this.find(id);
    const { family, first, last } = hostsOf(rangeOf(network.cidr));
    const machines = await this.kit.units.sql.scan<{ ip_address: string }>(
      'SELECT ip_address FROM infrastructure WHERE client_id = ? AND ip_address IS NOT NULL',
      [network.client_id],
    );
    const taken = [
      network.gateway_ip,
      ...(network.dns_servers ?? []),
      ...machines.map(one => one.ip_address),
    ];
    const used = new Set(
      taken
        .filter(ip => ip !== null)
        .map(ip => addressOf(ip))
        .filter(one => one.family === family)
        .map(one => one.value),
    );
    const [from, to] = [network.dhcp_start, network.dhcp_end].map(ip =>
      ip === null ? undefined : addressOf(ip).value,
    );
    const free: string[] = [];
    for (let value = first; value <= last && free.length < count; value++) {
      if (from !== undefined && to !== undefined && value >= from && value <= to) value = to;
      else if (!used.has(value)) free.push(textOf(family, value));
    }
    return free;
  }

  protected override check(row: Network): void {
    checkAddresses(row);
  }
}

/** Gateway and DHCP range stand inside the network, in order, and the range has both ends. */
function checkAddresses({ cidr, gateway_ip, dhcp_start, dhcp_end }: Network): void {
  const { family, first, last } = rangeOf(cidr);
  const faults: FieldFault[] = [];
  for (const [field, ip] of Object.entries({ gateway_ip, dhcp_start, dhcp_end })) {
    const address = ip === null ? undefined : addressOf(ip);
    if (address && (address.family !== family || address.value < first || address.value > last))
      faults.push({ field, message: `must be inside the network`, rule: 'inside' });
  }
  if ((dhcp_start === null) !== (dhcp_end === null))
    faults.push({
      field: dhcp_start === null ? 'dhcp_start' : 'dhcp_end',
      message: 'is needed for a range',
      rule: 'required',
    });
  else if (
    dhcp_start !== null &&
    dhcp_end !== null &&
    addressOf(dhcp_start).value > addressOf(dhcp_end).value
  )
    faults.push({ field: 'dhcp_end', message: 'must not come before dhcp_start', rule: 'order' });
  if (faults.length > 0) throw new ValidationError(faults);
}
