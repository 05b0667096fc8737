// The wall to regorus, a Rego interpreter in Rust: what shim/src/lib.rs gives, in C. Both functions are for a
// process that is made for one evaluation (internal/child.h) and ends after it.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

struct cosign_rego_text {
  const char* data;  // UTF-8; need not end in 0
  size_t size;
};

struct cosign_rego_source {
  cosign_rego_text name;  // how answers name it
  cosign_rego_text text;
};

enum cosign_rego_outcome : uint8_t {
  cosign_rego_allowed = 0,    // the query is exactly true; for a check: the policies are sound
  cosign_rego_denied = 1,     // it has another value: message
  cosign_rego_undefined = 2,  // it has none
  cosign_rego_broken = 3,     // the policies cannot be used: message
  cosign_rego_no_input = 4,   // the input cannot be used: message
  cosign_rego_panic = 5,      // a bug in the interpreter: message
};

struct cosign_rego_answer {
  cosign_rego_outcome outcome;
  uint32_t line;          // in the source `name`; 0: not known
  cosign_rego_text name;  // of a source; empty: not known
  cosign_rego_text message;
};

// Everything that Rust keeps is counted; what would exceed `bytes` calls `exceeded`, which must not return.
void cosign_rego_limit_memory(size_t bytes, void (*exceeded)(void));

// Loads all sources together, Rego v0, and asks for `query` with `input`, a JSON text. Without an input (data
// is null) they are only loaded and checked. Calls `answer` once, with texts that live until it returns.
void cosign_rego_evaluate(const cosign_rego_source* sources, size_t count, cosign_rego_text query,
                          cosign_rego_text input,
                          void (*answer)(void* context, const cosign_rego_answer* answer), void* context);
}
