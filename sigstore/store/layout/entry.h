// What one descriptor of a layout's index.json stands for.
#pragma once

#include "sigstore/store/layout/layout.h"

namespace sigstore::store {

LayoutEntry classify(oci::Descriptor descriptor);

}  // namespace sigstore::store
