// Results and errors as values. Every room returns Result<T>; no exception crosses a room.
//
// An Error is one sentence (`message`), the underlying reason (`cause`) and what to try (`hint`).
// It is rendered once, by the command line; rooms never print. Messages start in lower case, have no
// full stop, and never contain secrets.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace sigstore {

// The class of a failure: what a caller may decide on. Text is for people only.
enum class Code {
  invalid_argument,  // the caller asked for something that cannot be
  malformed,         // bytes from outside do not have the form they must have
  not_found,         // it is not there, and whoever was asked said so
  not_mine,          // this reader or backend is not for that input: try the next
  unauthorized,      // not logged in (HTTP 401)
  forbidden,         // logged in, but not allowed (HTTP 403)
  conflict,          // a precondition did not hold (HTTP 412, a file that already exists)
  unsupported,       // well-formed, but nothing here can do it
  mismatch,          // a digest, size, key or claim is not the one that was expected
  bad_signature,     // a signature does not verify
  wrong_password,    // a secret does not open what it should
  too_large,         // a bound of base/limits.h was exceeded
  timeout,           // nothing came in time
  unreachable,       // no connection: refused, no such host, no route
  unavailable,       // the other side failed (HTTP 5xx, 429): ask again
  tls,               // the connection cannot be trusted
  io,                // a file or process could not be used
  disk_full,         // no space or quota left
  cancelled,         // interrupted by the user
  declined,          // the user said no, or nobody was there to answer
  internal,          // a bug of ours or of a library
};

// The stable lower-case name of a code, e.g. "bad_signature"; part of the JSON report.
const char* name(Code code);

struct Error {
  Code code = Code::internal;
  std::string message;  // what failed, one line
  std::string cause;    // why, one line; may be empty
  std::string hint;     // what to try, one or more lines; may be empty

  // The same error seen from one step further out: `what` becomes the message and the former message
  // (with its cause) becomes the cause. The code and the hint stay.
  [[nodiscard]] Error wrap(std::string what) const;
  [[nodiscard]] Error with_hint(std::string text) const;
  // "message: cause" on one line, for embedding in a report.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Error&, const Error&) = default;
};

template <typename T>
using Result = std::expected<T, Error>;

// The usual way to fail: `return fail(Code::malformed, "…");`
[[nodiscard]] std::unexpected<Error> fail(Code code, std::string message, std::string cause = {},
                                          std::string hint = {});
[[nodiscard]] inline std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}

}  // namespace sigstore

#define SIGSTORE_JOIN_(a, b) a##b
#define SIGSTORE_JOIN(a, b) SIGSTORE_JOIN_(a, b)

// TRY(auto value, expression): leaves the function with the expression's error, or declares `value`.
#define TRY(declaration, ...)                                                        \
  auto SIGSTORE_JOIN(try_result_, __LINE__) = (__VA_ARGS__);                         \
  if (!SIGSTORE_JOIN(try_result_, __LINE__))                                         \
    return std::unexpected(std::move(SIGSTORE_JOIN(try_result_, __LINE__)).error()); \
  declaration = std::move(*SIGSTORE_JOIN(try_result_, __LINE__))

// TRY_OK(expression): the same for a Result<void>, or where the value is not wanted.
#define TRY_OK(...)                                       \
  if (auto try_ok_result = (__VA_ARGS__); !try_ok_result) \
  return std::unexpected(std::move(try_ok_result).error())
