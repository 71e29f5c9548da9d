/**
 * What an account may have: Service Quotas, and the subnets of EC2.
 * Sources: docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html and
 * API_GetAWSDefaultServiceQuota.html; docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html.
 */
import type { GetServiceQuotaRequest } from '@aws-sdk/client-service-quotas';
import { ServiceError } from './service-error.ts';

export interface AccountDeclaration {
  /** Quotas that were raised, by code. */
  readonly quotas?: Readonly<Record<string, number>>;
  /** Quotas as AWS gives them to every account. */
  readonly defaultQuotas?: Readonly<Record<string, number>>;
  /** Free addresses by subnet. */
  readonly subnets?: Readonly<Record<string, number>>;
}

const DEFAULT_QUOTAS = { 'L-34B43A08': 5000, 'L-1216C47A': 5000 };
const DEFAULT_SUBNETS = { 'subnet-0': 4091 };

export class Account {
  readonly #quotas: ReadonlyMap<string, number>;
  readonly #defaultQuotas: ReadonlyMap<string, number>;
  readonly #subnets: ReadonlyMap<string, number>;

  constructor({
    quotas = {},
    defaultQuotas = DEFAULT_QUOTAS,
    subnets = DEFAULT_SUBNETS,
  }: AccountDeclaration) {
    this.#quotas = new Map(Object.entries(quotas));
    this.#defaultQuotas = new Map(Object.entries(defaultQuotas));
    this.#subnets = new Map(Object.entries(subnets));
  }

  /** A quota that was never raised has no value here. */
  getServiceQuota(body: object): object {
    return this.#quota(this.#quotas, body as GetServiceQuotaRequest);
  }

  getDefaultQuota(body: object): object {
    return this.#quota(this.#defaultQuotas, body as GetServiceQuotaRequest);
  }

  /** @param body the parameters of the Query API: `SubnetId.1` and so on */
  describeSubnets(body: object): string {
    const wanted = Object.entries(body).flatMap(([name, value]) =>
      name.startsWith('SubnetId.') ? [String(value)] : [],
    );
    const unknown = wanted.find((id) => !this.#subnets.has(id));
    if (unknown !== undefined) {
      throw new ServiceError(400, 'InvalidSubnetID.NotFound', `The subnet ID '${unknown}' does not exist`);
    }
    const ids = wanted.length === 0 ? [...this.#subnets.keys()] : wanted;
    const items = ids.map(
      (id) =>
        `<item><subnetId>${id}</subnetId><state>available</state><cidrBlock>10.0.0.0/20</cidrBlock>` +
        `<ipv6CidrBlockAssociationSet/><availableIpAddressCount>${this.#subnets.get(id)}</availableIpAddressCount>` +
        '<tagSet><item><key>Name</key><value>backfill</value></item></tagSet></item>',
    );
    return `<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><subnetSet>${items.join('')}</subnetSet></DescribeSubnetsResponse>`;
  }

  #quota(
    quotas: ReadonlyMap<string, number>,
    { ServiceCode, QuotaCode = '' }: GetServiceQuotaRequest,
  ): object {
    const value = quotas.get(QuotaCode);
    if (value === undefined) {
      throw new ServiceError(400, 'NoSuchResourceException', 'The specified resource does not exist.');
    }
    return { Quota: { ServiceCode, QuotaCode, Value: value } };
  }
}
