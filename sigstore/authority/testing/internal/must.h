// A step that cannot fail: the program ends when it does. A step that may be changed.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <type_traits>
#include <utility>

#include "sigstore/base/result.h"

namespace sigstore::authority::testing::internal {

template <typename T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "the Sigstore in memory failed: %s\n", result.error().text().c_str());
    std::abort();
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <typename T>
void amend(const std::function<void(T&)>& change, T& value) {
  if (change) change(value);
}

}  // namespace sigstore::authority::testing::internal
