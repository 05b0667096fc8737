// A note that is accepted is written to the same bytes again, and so is the checkpoint in it.
#include <cstdlib>

#include "sigstore/base/limits.h"
#include "sigstore/tlog/checkpoint.h"

using namespace sigstore;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_checkpoint(std::string_view text) {
  const auto checkpoint = tlog::Checkpoint::parse(text);
  if (!checkpoint) {
    require(checkpoint.error().code == Code::malformed && !checkpoint.error().cause.empty());
    return;
  }
  require(checkpoint->text() == text);
  require(checkpoint->root_hash.size() == 32 && !checkpoint->origin.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  check_checkpoint(text);
  const auto note = tlog::Note::parse(text);
  if (!note) {
    require(!note.error().message.empty());
    return 0;
  }
  require(note->write() == text);
  require(!note->signatures.empty() && note->signatures.size() <= limits::note_signatures);
  for (const auto& signature : note->signatures) {
    require(signature.key_hash.size() == 4 && !signature.signature.empty() && !signature.name.empty());
  }
  check_checkpoint(note->text);
  return 0;
}
