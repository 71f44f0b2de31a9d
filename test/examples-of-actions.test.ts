import { Secret, TOTP } from 'otpauth';
import { systemActor } from '../src/core/context/actor.js';
import { runAs } from '../src/core/context/request-context.js';
import { ImportJobs } from '../src/operations/bulk-import/import-jobs.service.js';
import { ADMIN_PASSWORD, type Answer, startApp, type TestApp, type TestUser } from './app.js';
import { type ApiDocument, documentOf } from './harness/all-resources.js';
import { exampleOf } from './harness/examples.js';
import type { Body } from './harness/requests.js';
import { enrol } from './harness/second-factor.js';

/** Rows that are there, by the names of the parameters of a path, and what takes the place of ids and secrets. */
interface Ready {
  ids?: Record<string, string>;
  /** What only the caller knows: ids of rows, the own password, a code, a token. */
  own?: Body;
  /** The administrator when absent. */
  token?: string;
}

let t: TestApp;
let document: ApiDocument;
beforeAll(async () => {
  t = await startApp();
  document = await documentOf(t);
});
afterAll(() => t.close());

const id = async (path: string, given?: Body) => (await t.make(path, given)).id;
const someone = () => t.user();
/** An incident as the document creates it. */
const incident = async () => {
  const path = '/api/security-incidents';
  const { body } = await t.http('POST', path, { body: exampleOf(document, path, 'post') });
  return { ids: { id: body.id } };
};
const credential = async () => ({ ids: { id: await id('credentials') } });

const webhook = async () => ({ ids: { id: await id('webhooks', { is_active: true }) } });

async function waitingImport(): Promise<Ready> {
  const how = { format: 'csv', on_conflict: 'error', match_key: null, dry_run: false } as const;
  const jobs = t.app.get(ImportJobs);
  const job = await runAs(systemActor('test'), () => jobs.begin({ resource: 'sites', ...how }));
  await runAs(systemActor('test'), () => jobs.received(job, { bytes: 0, pieces: 0, ignored_columns: [] }));
  return { ids: { id: job.id } };
}

async function affected(): Promise<Ready> {
  const ids = { id: await id('security-incidents'), credential_id: await id('credentials') };
  await t.http('PUT', `/api/security-incidents/${ids.id}/credentials/${ids.credential_id}`);
  return { ids };
}

async function deadline(): Promise<Ready> {
  const { ids } = await incident();
  const path = `/api/security-incidents/${ids.id}/deadlines`;
  await t.http('POST', path, { body: { template: 'gdpr' } });
  return { ids: { ...ids, deadline_id: (await t.http('GET', path)).body.items[0]?.id ?? '' } };
}

async function closed(): Promise<Ready> {
  const { ids } = await incident();
  const path = `/api/security-incidents/${ids.id}`;
  for (const status of ['contained', 'resolved']) await t.http('PATCH', path, { body: { status } });
  return { ids };
}

async function privateOf(owner: TestUser): Promise<Ready> {
  const body = { credential_type: 'password', service_name: 'Mail', password: 'CANARY-private' };
  const made = await t.http('POST', '/api/credentials', { token: owner.token, body });
  return { ids: { id: made.body.id }, own: { password: ADMIN_PASSWORD } };
}

async function rules(): Promise<Ready> {
  const infrastructure_id = await id('infrastructure');
  const rule = await id('firewall-rules', { infrastructure_id });
  return { own: { infrastructure_id, ids: [rule] } };
}

/** Billable time that has come so far by these actions. */
async function time(...actions: string[]): Promise<Ready> {
  const ids = { id: await id('billable-time') };
  for (const action of actions) await t.http('POST', `/api/billable-time/${ids.id}/${action}`);
  return { ids, own: { ids: [ids.id] } };
}

async function tagged(): Promise<Ready> {
  const project = await t.make('projects', { tags: ['executed'] });
  const { body } = await t.http('GET', '/api/tags', { query: { name: 'executed' } });
  return { ids: { id: body.items[0]?.id ?? '', resource: 'projects', resource_id: project.id } };
}

async function linked(): Promise<Ready> {
  const [credential, row] = [await id('credentials'), await id('networks')];
  return { ids: { id: credential, resource: 'networks', resource_id: row } };
}

/** What somebody else has asked for, as far as an action has brought it. */
async function asked(action?: string): Promise<Ready> {
  const { token } = await someone();
  const { ids = {} } = await privateOf({ ...t.admin, token });
  const body = { credential_id: ids.id, reason: 'The mail server is down' };
  const request = (await t.http('POST', '/api/approval-requests', { token, body })).body;
  if (action) await t.http('POST', `/api/approval-requests/${request.id}/${action}`);
  return { ids: { id: request.id }, token };
}

async function shared(): Promise<Ready> {
  const { ids } = await credential();
  const body = { reason: 'A new colleague' };
  const made = (await t.http('POST', `/api/credentials/${ids.id}/share`, { body })).body;
  const token = /#(.*)\./.exec(String(made.url))?.[1];
  return { ids: { ...ids, share_id: made.id }, own: { token } };
}

async function logIn(): Promise<Answer['body']> {
  const body = { email: (await someone()).email, password: ADMIN_PASSWORD };
  return (await t.http('POST', '/api/auth/login', { body })).body;
}

async function enrolled(confirmed: boolean): Promise<Ready> {
  const user = await someone();
  if (confirmed) {
    const factor = await enrol(t, user);
    return { token: user.token, own: { otp: await factor.code(), password: ADMIN_PASSWORD } };
  }
  const asked = { token: user.token, body: { password: ADMIN_PASSWORD } };
  const { body } = await t.http('POST', '/api/auth/totp/enroll', asked);
  return {
    token: user.token,
    own: { otp: new TOTP({ secret: Secret.fromBase32(String(body.secret)) }).generate() },
  };
}

/** What has to be there before an action can be done; a new action needs a line. */
/** A client that goes, with what only who is present can say; its name where that is asked for. */
async function leaving(asks: 'confirm' | 'reason'): Promise<Ready> {
  const { id, name } = await t.make('clients');
  const own = { password: ADMIN_PASSWORD };
  return { ids: { id }, own: asks === 'confirm' ? { ...own, confirm: name } : own };
}

const ACTIONS: Record<string, () => Promise<Ready>> = {
  verifyAudit: async () => ({}),
  changePassword: async () => ({ token: (await someone()).token, own: { current_password: ADMIN_PASSWORD } }),
  login: async () => ({ own: { email: (await someone()).email, password: ADMIN_PASSWORD } }),
  logout: async () => ({ token: (await someone()).token }),
  logoutAll: async () => ({ token: (await someone()).token }),
  refresh: async () => ({ own: { refresh_token: (await logIn()).refresh_token } }),
  confirmTotp: () => enrolled(false),
  disableTotp: () => enrolled(true),
  enrollTotp: async () => ({ token: (await someone()).token, own: { password: ADMIN_PASSWORD } }),
  revealCredentials: async () => ({ own: { ids: [await id('credentials')] } }),
  getPasswordStrength: async () => ({}),
  approveRequest: async () => ({ ids: (await asked()).ids }),
  refuseRequest: async () => ({ ids: (await asked()).ids }),
  revokeApproval: async () => ({ ids: (await asked('approve')).ids }),
  withdrawRequest: () => asked(),
  shareCredential: credential,
  revokeCredentialShare: shared,
  redeemShare: shared,
  breakGlass: async () => privateOf(await someone()),
  revealCredential: credential,
  rotateCredential: credential,
  referToCredential: credential,
  revealCredentialVersion: async () => ({ ids: { ...(await credential()).ids, n: '1' } }),
  demandRotationOfClient: async () => ({ ids: { id: await id('clients') } }),
  demandRotationOfUser: async () => ({ ids: { id: (await someone()).id } }),
  exportClientSecrets: () => leaving('reason'),
  offboardClient: () => leaving('confirm'),
  reorderFirewallRules: rules,
  closeSession: async () => ({ ids: { id: await id('sessions') } }),
  submitBillableTime: () => time(),
  approveBillableTime: () => time('submit'),
  reopenBillableTime: () => time('submit'),
  submitManyBillableTimes: () => time(),
  approveManyBillableTimes: () => time('submit'),
  reopenManyBillableTimes: () => time('submit'),
  repriceBillableTime: () => time(),
  creditBillableTime: async () => {
    const ready = await time('submit', 'approve');
    const body = { ...ready.own, invoice_ref: 'R-1' };
    await t.http('POST', '/api/billable-time/mark-billed', { body });
    return { ids: ready.ids };
  },
  markTimeBilled: () => time('submit', 'approve'),
  recallByBody: async () => ({}),
  compressForMemory: async () => ({}),
  takeMemoryEvents: async () => ({}),
  addTaskDependency: async () => ({ ids: { id: await id('tasks'), other: await id('tasks') } }),
  removeTaskDependency: async () => ({ ids: { id: await id('tasks'), other: await id('tasks') } }),
  startWorkOnPendingTask: async () => ({ ids: { id: await id('pending-tasks') } }),
  putProjectStateByProject: async () => ({ ids: { id: await id('projects') } }),
  upsertMachine: async () => ({ ids: { fingerprint: 'a1b2c3d4' } }),
  addIncidentCredential: affected,
  removeIncidentCredential: affected,
  createIncidentDeadlines: incident,
  updateIncidentDeadline: deadline,
  reopenSecurityIncident: closed,
  rotateAffectedCredentials: affected,
  createIncidentTimelineEntry: incident,
  linkCredential: linked,
  unlinkCredential: linked,
  assignTag: tagged,
  unassignTag: tagged,
  testWebhook: webhook,
  replayWebhook: webhook,
  rotateWebhookSecret: webhook,
  cancelImportJob: waitingImport,
};

/** Forms and files are no JSON: test/auth-token.test.ts and test/bulk-import send them. */
const FORMS = ['issueToken', 'importRows'];
const UNIFORM = /^\/api\/[a-z\d-]+(\/\{id\}|\/bulk)?$/;

/** What is written, beside the uniform routes of resources. */
function actions(): { path: string; method: string; name: string }[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ path, method, name: one.operationId })),
  );
  return all.filter(one => one.method !== 'get' && !UNIFORM.test(one.path) && !FORMS.includes(one.name));
}

test('every action has what it needs', () => {
  expect(actions().map(one => one.name).sort()).toEqual(Object.keys(ACTIONS).sort()); // prettier-ignore
});

test.each(Object.keys(ACTIONS))('the example of %s succeeds as it stands', async name => {
  const { path, method } = actions().find(one => one.name === name) ?? { path: '', method: '' };
  const { ids = {}, own = {}, token } = (await ACTIONS[name]?.()) ?? {};
  const example = exampleOf(document, path, method);
  // What is not in the example is not added: the example has to say that it is needed.
  const known = Object.entries(own).filter(([field]) => field in (example ?? {}));
  const url = path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => ids[parameter] ?? 'missing');
  const body = example && { ...example, ...Object.fromEntries(known) };
  const answer = await t.http(method.toUpperCase(), url, { body, token });
  expect([answer.status, answer.body.error, answer.body.details]).toEqual([
    answer.status < 300 ? answer.status : 200,
    undefined,
    undefined,
  ]);
});

test('the example of events is taken, and not only answered', async () => {
  const body = exampleOf(document, '/api/memory/events', 'post');
  const answer = await t.http('POST', '/api/memory/events', { body });
  expect(answer.body).toMatchObject({
    refused: 0,
    results: [expect.not.objectContaining({ status: 'refused' })],
  });
});
