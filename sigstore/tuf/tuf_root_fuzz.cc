#include "sigstore/tuf/testing/fuzz_metadata.h"

using namespace sigstore;
using namespace sigstore::tuf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = parse_root(as_text({data, size}), "fuzz");
  const Root* root = testing::check_read(read, parse_root);
  if (root == nullptr) return 0;
  testing::check_keys(root->keys);
  for (const Role* role : {&root->root, &root->timestamp, &root->snapshot, &root->targets})
    testing::check_role(*role);
  (void)verify_threshold(root->root, root->keys, read->signed_bytes, read->signatures, "fuzz");
  return 0;
}
