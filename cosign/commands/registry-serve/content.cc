#include "cosign/commands/registry-serve/content.h"

namespace cosign::serve {

void ContentFlags::declare(FlagSet& flags) {
  flags.boolean("sparse", &sparse, "take a manifest also while blobs that it names are missing");
}

}  // namespace cosign::serve
