// A predicate that is accepted stands in the statement that is made of it byte for byte, and the statement is
// read as what it was made from.
#include <cstdlib>

#include "sigstore/base/bytes.h"
#include "sigstore/payload/predicate.h"
#include "sigstore/payload/predicate_type.h"

using namespace sigstore;
using namespace sigstore::payload;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

const oci::Digest image = oci::Digest::sha256("image");

void check(std::string_view name, std::string_view file) {
  const auto type = PredicateType::parse(name);
  require(type.has_value());
  const auto predicate = make_predicate(*type, std::string(file), Time{});
  if (!predicate) {
    require(!predicate.error().message.empty());
    return;
  }
  if (type->form == PredicateType::Form::object) require(file.contains(*predicate));
  const auto text =
      write_statement({"r.example/app", {{"sha256", std::string(image.hex())}}, {}}, type->uri, *predicate);
  const auto statement = Statement::parse(text);
  if (!statement) {  // one level deeper than the file alone
    require(statement.error().code == Code::too_large);
    return;
  }
  require(statement->predicate && statement->predicate->in(text) == *predicate);
  require(statement->predicate_type == type->uri && statement->subject_for(image) != nullptr);
  require(say_the_same(text, text, image));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto& [name, uri] : predicate_names()) check(name, as_text({data, size}));
  check("https://example.com/p", as_text({data, size}));
  return 0;
}
