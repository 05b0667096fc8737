#include "sigstore/policy/rego/internal/interpreter.h"

namespace sigstore::policy::rego {

Result<Answer> interpret(const Env&, std::span<const Source>, std::string_view,
                         std::optional<std::string_view>) {
  return fail(Code::unsupported, "this cosign was built without Rego", "",
              "use a policy in CUE, or a build with COSIGN_REGO=ON");
}

}  // namespace sigstore::policy::rego
