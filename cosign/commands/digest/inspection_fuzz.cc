// What stands on standard input is anything; what is chosen from it is a digest of the repository that was
// asked for.
#include <cstdlib>

#include "cosign/commands/digest/inspection.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sigstore::oci::Reference;
  const auto images = cosign::parse_inspection({reinterpret_cast<const char*>(data), size});
  if (!images) return 0;
  if (images->empty()) std::abort();
  for (const cosign::InspectedImage& image : *images) {
    for (const Reference& pushed : image.pushed) {
      const auto chosen = cosign::pushed_digest(image, pushed.repository);
      if (chosen && (!chosen->digest || chosen->repository != pushed.repository)) std::abort();
      if (!chosen && chosen.error().code != sigstore::Code::conflict) std::abort();
    }
    const auto guessed = cosign::pushed_digest(image, std::nullopt);
    if (guessed && Reference::parse(guessed->text())->text() != guessed->text()) std::abort();
    if (!guessed && guessed.error().hint.empty()) std::abort();
  }
  return 0;
}
