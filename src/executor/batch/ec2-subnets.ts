import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SignatureV4 } from '@smithy/signature-v4';

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html */
const VERSION = '2016-11-15';
const TRIES = 3;
const ANSWER_WITHIN_MILLISECONDS = 30_000;

/**
 * Addresses that are free in subnets, by id. DescribeSubnets over EC2's Query API, signed by the SDK's own signer: the
 * whole client of EC2 has 28 MB, and this is all that is asked of it
 * (docs/decisions/2026-11-28-quotas-are-asked-by-operators.md).
 *
 * @param client whose credentials, region and idea of AWS's time are used
 * @throws what fetch throws, and an Error with `name` and `$metadata` as the SDK's errors have them
 */
export async function readFreeAddresses(
  client: ServiceQuotasClient,
  subnets: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const region = await client.config.region();
  const body = new URLSearchParams({ Action: 'DescribeSubnets', Version: VERSION });
  for (const [i, subnet] of subnets.entries()) body.set(`SubnetId.${i + 1}`, subnet);
  const xml = await post(client, endpointOf(region), region, body.toString());
  // One of each in every item, in this order or the other.
  const ids = textsOf(xml, 'subnetId');
  const free = textsOf(xml, 'availableIpAddressCount');
  return new Map(ids.map((id, i) => [id, Number(free[i])]));
}

/** As the SDKs find it: an endpoint for the service, one for all, or AWS's own. */
function endpointOf(region: string): URL {
  const configured = process.env['AWS_ENDPOINT_URL_EC2'] ?? process.env['AWS_ENDPOINT_URL'];
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(configured ?? `https://ec2.${region}.${suffix}`);
}

async function post(client: ServiceQuotasClient, url: URL, region: string, body: string): Promise<string> {
  const { credentials, sha256, systemClockOffset } = client.config;
  const signer = new SignatureV4({ service: 'ec2', region, credentials, sha256 });
  const port = url.port === '' ? {} : { port: Number(url.port) };
  for (let tries = 1; ; tries++) {
    const { headers } = await signer.sign(
      {
        method: 'POST',
        protocol: url.protocol,
        hostname: url.hostname,
        ...port,
        path: '/',
        headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body,
      },
      { signingDate: new Date(Date.now() + systemClockOffset) },
    );
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MILLISECONDS);
    const answer = await fetch(new URL('/', url), { method: 'POST', headers, body, signal });
    const text = await answer.text();
    if (answer.ok) return text;
    if (answer.status >= 500 && tries < TRIES) continue;
    const [name = 'UnknownError'] = textsOf(text, 'Code');
    const [message = `EC2 answered ${answer.status}`] = textsOf(text, 'Message');
    throw Object.assign(new Error(message), { name, $metadata: { httpStatusCode: answer.status } });
  }
}

/** The texts of all elements of a name. EC2 escapes what it has to, and none of these has any of it. */
function textsOf(xml: string, element: string): string[] {
  return Array.from(
    xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g')),
    ([, text = '']) => text,
  );
}
