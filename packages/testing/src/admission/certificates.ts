/**
 * Plugins for `certificates.k8s.io`: approving, signing and vouching need a right on the signer, and nobody is made an
 * administrator by a certificate.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
 */
import type { AdmissionPlugin, AdmissionRequest } from "../registry/admission.ts";
import { organizationsOf } from "../strategies/certificates/request-subject.ts";
import { at, isSemanticallyEqual, textAt } from "../strategies/json-access.ts";
import { refusal } from "./admission-refusal.ts";

const GROUP = "certificates.k8s.io";
const CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";
const MASTERS = "system:masters";

function isRequest({ resource, subresource }: AdmissionRequest, wanted: string): boolean {
  return resource.group === GROUP && resource.plural === "certificatesigningrequests" && subresource === wanted;
}

const approval: AdmissionPlugin = {
  name: "CertificateApproval",
  validate(request): void {
    const { oldObject } = request;
    if (oldObject === undefined || !isRequest(request, "approval")) return;
    const signer = textAt(oldObject, "spec", "signerName");
    if (mayFor(request, "approve", signer)) return;
    throw refusal(request, `user not permitted to approve requests with signerName ${JSON.stringify(signer)}`);
  },
};

const signing: AdmissionPlugin = {
  name: "CertificateSigning",
  validate(request): void {
    const { object, oldObject } = request;
    if (object === undefined || oldObject === undefined || !isRequest(request, "status")) return;
    const isSame = (member: string) =>
      isSemanticallyEqual(at(object, "status", member), at(oldObject, "status", member));
    const signer = textAt(oldObject, "spec", "signerName");
    if ((isSame("certificate") && isSame("conditions")) || mayFor(request, "sign", signer)) return;
    throw refusal(request, `user not permitted to sign requests with signerName ${JSON.stringify(signer)}`);
  },
};

const attest: AdmissionPlugin = {
  name: "ClusterTrustBundleAttest",
  validate(request): void {
    const { resource, object, oldObject, subresource } = request;
    const isBundle = resource.group === GROUP && resource.plural === "clustertrustbundles" && subresource === "";
    if (!isBundle || object === undefined) return;
    const signer = textAt(oldObject ?? object, "spec", "signerName");
    if (signer === "" || mayFor(request, "attest", signer)) return;
    throw refusal(request, `user not permitted to attest for signerName ${JSON.stringify(signer)}`);
  },
};

const subjectRestriction: AdmissionPlugin = {
  name: "CertificateSubjectRestriction",
  validate(request): void {
    const { object, operation } = request;
    if (object === undefined || operation !== "CREATE" || !isRequest(request, "")) return;
    if (textAt(object, "spec", "signerName") !== CLIENT_SIGNER) return;
    if (organizationsOf(textAt(object, "spec", "request")).includes(MASTERS))
      throw refusal(request, `use of ${CLIENT_SIGNER} signer with ${MASTERS} group is not allowed`);
  },
};

/** In the order in which the server runs them. */
export const certificatePlugins: readonly AdmissionPlugin[] = [approval, signing, attest, subjectRestriction];

/** Rights are on one signer, or on all of its domain. */
function mayFor({ context }: AdmissionRequest, verb: string, signer: string): boolean {
  const may = (name: string) =>
    context.isAllowed({ verb, group: GROUP, version: "*", resource: "signers", namespace: "", name });
  return may(signer) || may(`${signer.split("/")[0] ?? ""}/*`);
}
