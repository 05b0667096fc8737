// Forms: anything is one, its fields are bounded, and none is longer than the text.
#include <cstdlib>

#include "server/host/form.h"
#include "sigstore/base/bytes.h"
#include "sigstore/base/limits.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto form = server::host::Form::parse(sigstore::as_text({data, size}));
  for (const char* name : {"", "scope", "grant_type", "password", "a"}) {
    const auto all = form.all(name);
    if (all.size() > sigstore::limits::form_fields) std::abort();
    if (form.get(name) != (all.empty() ? "" : all.front())) std::abort();
    for (const auto& value : all)
      if (value.size() > size) std::abort();
  }
  return 0;
}
