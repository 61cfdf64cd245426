// Reads [{schema, object, oldObject}] from standard input and prints, for each, the messages of all x-kubernetes-validations of the schema that the object
// breaks, as the API server does: each rule at its place in the tree, self and oldSelf being what is there.
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-rules
import { Environment } from '@marcbachmann/cel-js'

const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })

// Field names that CEL keeps for itself are written so; the keys of a map are not.
const reserved = ['namespace', 'in', 'package', 'if', 'for', 'while', 'import', 'let', 'loop', 'return', 'var', 'void', 'const', 'function', 'true', 'false', 'null', 'as', 'break', 'else', 'continue']

function toCel(schema, value) {
  if (Array.isArray(value)) return value.map(item => toCel(schema?.items, item))
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) =>
      schema?.properties?.[key] ? [reserved.includes(key) ? `__${key}__` : key, toCel(schema.properties[key], item)] : [key, toCel(schema?.additionalProperties, item)]))
  return schema?.type === 'integer' ? BigInt(value) : value
}

function* broken(schema, value, oldValue) {
  if (value === undefined || value === null) return
  for (const { rule, message } of schema['x-kubernetes-validations'] ?? []) {
    // A rule about a change is for changes.
    if (rule.includes('oldSelf') && oldValue === undefined) continue
    if (environment.evaluate(rule, { self: toCel(schema, value), oldSelf: toCel(schema, oldValue ?? null) }) !== true) yield message
  }
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* broken(property, value[name], oldValue?.[name])
  if (typeof schema.additionalProperties === 'object')
    for (const [key, item] of Object.entries(value))
      yield* broken(schema.additionalProperties, item, oldValue?.[key])
  if (Array.isArray(value) && schema.items)
    for (const item of value)
      yield* broken(schema.items, item, undefined)
}

let input = ''
for await (const chunk of process.stdin) input += chunk
console.log(JSON.stringify(JSON.parse(input).map(({ schema, object, oldObject }) => [...broken(schema, object, oldObject ?? undefined)])))
