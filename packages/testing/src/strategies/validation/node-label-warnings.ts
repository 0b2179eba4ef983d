/**
 * Warnings about labels of nodes that go by another name now.
 */
import { validateLabelValue } from "bowline/core";
import { type Fields, itemsAt, keysInOrder, stringMapAt, textAt, textsAt } from "../json-access.ts";

const DEPRECATED: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
  "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

/** What to say of a label, undefined where there is nothing. */
export function nodeLabelWarning(label: string): string | undefined {
  return DEPRECATED[label];
}

/** A term of a node selector; `path` is where it stands. Values are looked at where a wrong one is no error. */
export function nodeTermWarnings(path: string, term: Fields, looksAtValues: boolean): string[] {
  return itemsAt(term, "matchExpressions").flatMap((expression, index) => {
    const here = `${path}.matchExpressions[${index}]`;
    const values = looksAtValues ? textsAt(expression, "values") : [];
    return [
      ...expressionWarning(here, expression),
      ...values.flatMap((value, i) =>
        validateLabelValue(value).map((problem) => `${here}.values[${i}]: ${value} is invalid, ${problem}`),
      ),
    ];
  });
}

/** A label selector of nodes. */
export function nodeSelectorWarnings(path: string, selector: Fields | undefined): string[] {
  const labels = keysInOrder(stringMapAt(selector, "matchLabels"));
  return [
    ...itemsAt(selector, "matchExpressions").flatMap((expression, index) =>
      expressionWarning(`${path}.matchExpressions[${index}]`, expression),
    ),
    ...labels.flatMap((label) => {
      const text = DEPRECATED[label];
      return text === undefined ? [] : [`${path}.matchLabels.${label}: ${text}`];
    }),
  ];
}

function expressionWarning(path: string, expression: Fields): string[] {
  const key = textAt(expression, "key");
  const text = DEPRECATED[key];
  return text === undefined ? [] : [`${path}.key: ${key} is ${text}`];
}
