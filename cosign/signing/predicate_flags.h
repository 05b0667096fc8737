// What is said of an image or a file: the flags that `attest` and `attest-blob` share.
#pragma once

#include <string>

#include "cosign/session/session.h"
#include "sigstore/sign/attestation.h"

namespace cosign {

struct PredicateFlags {
  std::string type = "custom";
  std::string predicate;  // FILE, or "-" for stdin
  std::string statement;  // the same, in place of `predicate`

  void declare(FlagSet& flags);

  // What the command line says, without a look at any file: exactly one of --predicate and --statement, a
  // --type that is known. Code::invalid_argument.
  [[nodiscard]] sigstore::Result<void> check() const;
  // Reads the file, and makes the predicate of it or checks the statement. `type_given`:
  // FlagSet::given("type"); a statement of another type is then Code::mismatch. Else the errors of reading,
  // of payload::make_predicate and of payload::Statement::parse. After check().
  [[nodiscard]] sigstore::Result<sigstore::sign::Attestation> read(Session& session, bool type_given) const;
};

}  // namespace cosign
