// One request on its way through libcurl: what is sent, and the bounded response as it comes in.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sigstore/net/curl/internal/handle.h"
#include "sigstore/net/transport.h"

namespace sigstore::net {

// Code::invalid_argument for a method or header that would break the message.
Result<void> check_request(const Request& request);

class Transfer {
 public:
  // All outlive it. Sets the handle's options for method, headers, body and what comes back.
  Transfer(Handle& handle, const Request& request, const BodySink* sink, const std::string& host_header);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Whether the request has begun to leave: name, TCP, TLS and proxy are done.
  [[nodiscard]] bool begun() const { return begun_; }
  // A status line came back.
  [[nodiscard]] bool answered() const { return response_.status != 0; }
  // All headers came. libcurl takes a connection that ends within them for the end of a response.
  [[nodiscard]] bool head_ended() const { return head_ended_; }
  // Bytes in both directions so far, headers and all.
  [[nodiscard]] std::uint64_t bytes() const;
  // After the handle's perform() returned: a bound or sink that ended it, or nothing.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  // The body of a 4xx or 5xx was cut at its bound: it is a response all the same.
  [[nodiscard]] bool cut() const { return cut_; }
  // A request that must not be sent twice was about to be.
  [[nodiscard]] bool repeated() const { return repeated_; }
  [[nodiscard]] Response& response() { return response_; }

 private:
  void set_method_and_body();
  void set_source();
  void set_headers(const std::string& host_header);
  bool add_header_line(std::string_view line);
  bool add_body(std::string_view chunk);
  bool keep_body(std::string_view chunk);
  bool deliver(std::string_view chunk);
  Result<void> open_source();
  Result<std::size_t> read_source(std::span<std::uint8_t> out);
  bool stop(Code code, std::string message);
  [[nodiscard]] bool is_failure() const { return response_.status >= 400; }

  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* out, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static int on_begin(void* self, char* to, char* from, int to_port, int from_port);

  Handle& handle_;
  const Request& request_;
  const BodySink* sink_;
  curl_slist* lines_ = nullptr;

  std::unique_ptr<FileReader> reader_;  // of a source
  std::uint64_t unread_ = 0;

  Response response_;
  std::optional<Error> error_;
  bool begun_ = false, repeated_ = false, cut_ = false;
  bool head_ended_ = false, body_begun_ = false;
  std::size_t header_bytes_ = 0, header_lines_ = 0;
  std::uint64_t body_bytes_ = 0;
};

}  // namespace sigstore::net
