/**
 * What kube-controller-manager, scheduler and kubelets do, as far as tests need it.
 */
export { type ControllerOptions, startControllers } from "./start-controllers.ts";
