/**
 * Where this library does something else than client-go, on purpose or because it does not matter, and why. docs/credentials.md
 * says the same to users.
 */

interface KnownDifference {
  /** Of the names of cases. */
  readonly cases: RegExp;
  readonly reason: string;
  /** Where it differs on Deno alone. */
  readonly isOfDeno?: boolean;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    cases:
      /^context.*: lost-user$|^choose: (?:cluster|namespace|namespace that is no label|server), lost user$|^content changed: (?:44|68|146)$|^context field: user is text$|^top field: users is (?:null|an empty list|a list of (?:null|a mapping))$|^random list: 147$/,
    reason: "a context that names a user who does not exist is an error, and not anonymous",
  },
  {
    cases: /^pod: with a lost cluster$/,
    reason: "a context that names a cluster that does not exist does not mean the pod's",
  },
  {
    cases: /^server: "(?:127\.0\.0\.1|localhost):@HTTP@"$/,
    reason: "a server without a scheme is an error, and not plain HTTP",
  },
  { cases: /^lookup: of text, in a folder$/, reason: "a relative command of a kubeconfig that is no file is an error" },
  {
    cases:
      /^sequence: (?:401 (?:once|on|for (?:ever|fifty)|in)(?!.*same token)|certificate(?:,| rejected| and)(?! no)|token,)|^sharing: rejected$|^token file: rejected and changed$|^identity provider: 401 of the server/,
    reason: "after a 401 with another credential the request is sent once more",
  },
  {
    cases: /^sequence: (?:expiry in the past|then broken)$|^output: expiry "(?:2000|0000)-01-01T00:00:00Z"$/,
    reason: "a request asks the plugin once, and not a second time for the handshake",
  },
  {
    cases:
      /^sequence: own header.*, no certificate asked$|^identity provider: own header$|^address login: plugin, no certificate asked$/,
    reason:
      "a client certificate is needed before the handshake, so a plugin is asked for one even where the request brings its own header; and so is an identity provider",
  },
  {
    cases: /^redirect.*: (?:another name of it|plain|nowhere)$/,
    reason: "a redirect to another origin is not followed",
  },
  {
    cases: /^redirect.*: for ever$/,
    reason: "five redirects are followed, and not nine; the last answer is handed out",
  },
  {
    cases:
      /^pod: override (?:as|timeout)$|^pod with two: (?:token(?: file)?|timeout), (?:as|timeout)$|^pod with two: (?:as|timeout), (?:namespace|POD_NAMESPACE|host a name|no namespace file|two authorities|token with spaces|kubeconfig of .*|explicit empty kubeconfig|HTTPS_PROXY)$/,
    reason: "impersonation and timeout are honoured in a pod, and not dropped",
  },
  {
    cases: /^pod: override (?:basic|certificate|timeout wrong)$/,
    reason: "an override that cannot be honoured in a pod is an error, and not dropped",
  },
  {
    cases: /^timeout: "(?:100000000000|9223372036854775807)"$/,
    reason: "a timeout of more than 64 bits is an error, and does not wrap around",
  },
  {
    cases: /^identity provider: (?:garbage for an id-token|id_token is garbage)$/,
    reason: "an id-token that is none is renewed, and not an error for ever",
  },
  {
    cases: /^time, certificate files: (?:changed, after 3 s|(?:removed|half changed), after 310 s)$/,
    reason:
      "new files of a certificate are used at once, and while they cannot be used the old pair is, where client-go fails",
  },
  {
    cases: /^TLS proxy: https:\/\/(?:localhost|127\.0\.0\.1):@TLSPROXY@ with a wrong server name$/,
    reason: "the cluster's tls-server-name is not expected of its proxy",
  },
  {
    cases: /^random proxy: (?:13|73),/,
    reason: "an address that nothing could be reached at is an error before a plugin is run, and not after it",
  },
  { cases: /^server: "https:\/\/@/, reason: "an empty user in the address is no user" },
  {
    cases: /^proxy of the environment: scheme unknown$/,
    reason: "a proxy of an unknown kind is an error, and not taken for an HTTP proxy",
  },
  { cases: /^token file: byte order mark$/, reason: "a byte order mark is no part of a token" },
  {
    cases:
      /^content: (?:JSON with a slash escaped|JSON with a tab|escaped slash|NEL character)$|^info: extension with marks/,
    reason: "what JSON and YAML 1.2 allow is read, where client-go's YAML 1.1 refuses it",
  },
  { cases: /^sharing: empty lists$/, reason: "empty lists and none are the same plugin" },
  {
    cases: /^cluster: plain, no compression|^random: 17$|^pod with two: plain server, compression$/,
    reason: "disable-compression is honoured over plain HTTP too",
  },
  {
    cases: /^output changed: (?:11|71)$/,
    reason: "a line of three dashes inside quotes, and a line separator inside a key: nobody writes either",
  },
  {
    cases: /^authority(?: data)?: the server's own certificate$/,
    reason: "Deno trusts roots alone, and no authority or certificate below one",
    isOfDeno: true,
  },
  {
    cases: /^cluster: host localhost, name address/,
    reason: "Deno sends the host's name where there is no name to send",
    isOfDeno: true,
  },
  {
    cases: /^content: merge key beside$/,
    reason: "a key beside a merge key wins, as YAML says; client-go lets the order decide",
  },
];

/** The reason for a case to differ, if there is one. */
export function reasonToDiffer(name: string): string | undefined {
  const onDeno = "Deno" in globalThis;
  return knownDifferences.find(({ cases, isOfDeno = false }) => cases.test(name) && (onDeno || !isOfDeno))?.reason;
}
