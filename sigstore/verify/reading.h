// What a bundle says, before anything of it is believed. Private to this room.
#pragma once

#include <optional>

#include "sigstore/verify/judge.h"

namespace sigstore::verify {

// The claims as one form, whatever they were written in, with the error when they cannot be read.
struct Reading {
  Claims claims;
  std::optional<Error> error;
  oci::Annotations annotations;  // those with text values
  bool names_subject = false;    // the image is among what it names
};

// `requirements` say which image or file is in question: of a statement with several subjects, its one
// counts.
Reading read_claims(const bundle::Content& content, const Requirements& requirements);

}  // namespace sigstore::verify
