// A statement that is accepted keeps the bounds; each digest it names finds a subject, no other one does.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"
#include "sigstore/payload/statement.h"

using namespace sigstore;
using namespace sigstore::payload;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_subject(const Statement& statement, const Subject& subject) {
  require(subject.digests.size() <= limits::digests_per_subject);
  require(subject.annotations.size() <= limits::annotations);
  for (const auto& [algorithm, hex] : subject.digests) {
    const auto digest = oci::Digest::parse(algorithm + ":" + hex);
    if (!digest) continue;
    const auto* found = statement.subject_for(*digest);
    require(found != nullptr && found->digests.at(algorithm) == hex);
    const auto ours = Statement::parse(write_sign_statement(*digest, subject.annotations));
    require(ours.has_value() && ours->predicate_type == cosign_sign_predicate);
    require(ours->subject_for(*digest)->annotations == subject.annotations);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto statement = Statement::parse(as_text({data, size}));
  if (!statement) {
    require(!statement.error().message.empty());
    return 0;
  }
  require(statement->type == statement_v01 || statement->type == statement_v1);
  require(!statement->predicate_type.empty());
  require(!statement->subjects.empty() && statement->subjects.size() <= limits::statement_subjects);
  for (const auto& subject : statement->subjects) check_subject(*statement, subject);
  require(statement->subject_for(oci::Digest()) == nullptr);
  return 0;
}
