/**
 * The annotations that mean something in a Pod. Those of containers are followed by the container's name.
 */
export const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";
export const DELETION_COST_ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";
export const POD_SECCOMP_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";
export const CONTAINER_SECCOMP_ANNOTATION = "container.seccomp.security.alpha.kubernetes.io/";
export const CONTAINER_APP_ARMOR_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
