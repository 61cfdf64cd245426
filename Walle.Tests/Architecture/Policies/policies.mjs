// Reads [{policy, request, object, oldObject, rights}] from standard input and prints, for each, the message of the first validation that fails, or null.
// As the API server does: match conditions first, then variables in their order, then validations.
// https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
import { Environment } from '@marcbachmann/cel-js'

class Authorizer {
  constructor(rights, asked = {}) { this.rights = rights; this.asked = asked }
  with(key, value) { return new Authorizer(this.rights, { ...this.asked, [key]: value }) }
  check(verb) {
    const { resource, subresource, namespace, name } = this.asked
    const target = subresource ? `${resource}/${subresource}` : resource
    return new Decision(this.rights.some(right => right === [verb, target, namespace].join(' ') || right === [verb, target, namespace, name].join(' ')))
  }
}
class Decision { constructor(allowed) { this.isAllowed = allowed } }

function environment() {
  const env = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true, homogeneousAggregateLiterals: false })
  env.registerType('Authorizer', Authorizer)
  env.registerType('Decision', Decision)
  for (const name of ['group', 'resource', 'subresource', 'namespace', 'name'])
    env.registerFunction({ name, receiverType: 'Authorizer', returnType: 'Authorizer', params: [{ name: 'value', type: 'string' }], handler: (authorizer, value) => authorizer.with(name, value) })
  env.registerFunction({ name: 'check', receiverType: 'Authorizer', returnType: 'Decision', params: [{ name: 'verb', type: 'string' }], handler: (authorizer, verb) => authorizer.check(verb) })
  env.registerFunction({ name: 'allowed', receiverType: 'Decision', returnType: 'bool', params: [], handler: decision => decision.isAllowed })
  env.registerVariable('authorizer', 'Authorizer')
  return env
}

function verdict({ policy, request, object, oldObject, rights }) {
  const env = environment()
  const context = { authorizer: new Authorizer(rights), request, object, oldObject, variables: {} }
  for (const condition of policy.matchConditions ?? [])
    if (!env.evaluate(condition.expression, context)) return null
  for (const variable of policy.variables ?? [])
    context.variables[variable.name] = env.evaluate(variable.expression, context)
  for (const validation of policy.validations)
    if (env.evaluate(validation.expression, context) !== true)
      return validation.message ?? env.evaluate(validation.messageExpression, context)
  return null
}

let input = ''
for await (const chunk of process.stdin) input += chunk
console.log(JSON.stringify(JSON.parse(input).map(verdict)))
