#include "server/host/host.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "server/host/access_log.h"
#include "server/host/guard.h"
#include "sigstore/base/testing/fake_env.h"
#include "sigstore/codec/base64.h"

namespace server::host {
namespace {

using namespace std::chrono_literals;
using sigstore::Result;
using sigstore::net::Headers;

class TextReader final : public sigstore::FileReader {
 public:
  explicit TextReader(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t size = text_.copy(reinterpret_cast<char*>(out.data()), out.size());
    text_.erase(0, size);
    return size;
  }

 private:
  std::string text_;
};

// One request, and what was answered.
class FakeExchange final : public sigstore::net::Exchange {
 public:
  std::string asked_method = "GET", asked_target = "/v2/", asked_client, sent_body;
  Headers asked_headers;
  int answered = 0;
  Headers answer_headers;
  std::string answer_body;

  const std::string& method() const override { return asked_method; }
  const std::string& target() const override { return asked_target; }
  const Headers& headers() const override { return asked_headers; }
  const std::string& peer() const override { return peer_; }
  bool encrypted() const override { return false; }
  const std::string& client_name() const override { return asked_client; }
  std::optional<std::uint64_t> content_length() const override { return sent_body.size(); }
  Result<std::size_t> read(std::span<std::uint8_t> out) override { return body_.read(out); }
  Result<void> respond(int status, const Headers& headers, std::string_view body) override {
    answered = status;
    answer_headers = headers;
    answer_body = body;
    return {};
  }
  Result<void> respond(int status, const Headers& headers, sigstore::FileReader& source,
                       std::uint64_t length) override {
    std::string body(length, '\0');
    TRY(const auto got, source.read({reinterpret_cast<std::uint8_t*>(body.data()), body.size()}));
    body.resize(got);
    return respond(status, headers, body);
  }
  int status() const override { return answered; }
  void send(std::string body) { body_ = TextReader(sent_body = std::move(body)); }

 private:
  const std::string peer_ = "127.0.0.1:40312";
  TextReader body_{""};
};

std::string basic(const std::string& pair) {
  return "Basic " + sigstore::codec::base64::encode(sigstore::as_bytes(pair));
}

struct HostTest : ::testing::Test {
  HostTest() {
    // htpasswd -nbBC 4 dev word
    fake.files.put("users", "dev:$2y$04$ILlFZPuuqy2VPhTxPw8h2u6p/VWmM8/LUpxrlXAMTGxPgt4QwvPMm");
    users = std::move(*Users::open(fake.env(), "users", {}));
  }
  void handle() { make_handler(fake.env(), {&log}, role)(exchange); }

  sigstore::fakes::FakeEnv fake;
  std::unique_ptr<Users> users;
  std::vector<std::string> lines;
  AccessLog log{fake.clock, [this](std::string_view line) { lines.emplace_back(line); }};
  FakeExchange exchange;
  int asked = 0;
  std::string asked_user;
  Role role = [this](const Request& request) {
    ++asked;
    asked_user = request.user;
    std::array<std::uint8_t, 16> body;
    const std::size_t size = request.body->read(body).value();
    Response response{.status = 201, .headers = {{"X-Method", std::string(request.method)}}};
    response.text = std::make_shared<const std::string>(
        std::string(request.target) + " " + std::string(reinterpret_cast<const char*>(body.data()), size));
    return response;
  };
};

TEST_F(HostTest, ARequestReachesTheRoleAndItsAnswerTheClient) {
  exchange.asked_method = "PUT";
  exchange.asked_target = "/v2/a?b=c";
  exchange.send("body");
  handle();
  EXPECT_EQ(exchange.answered, 201);
  EXPECT_EQ(exchange.answer_headers.get("X-Method"), "PUT");
  EXPECT_EQ(exchange.answer_body, "/v2/a?b=c body");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("method":"PUT","path":"/v2/a","status":201,"bytes":14)"), std::string::npos);
}

TEST_F(HostTest, TheLogHoldsTheUserAndNothingSecret) {
  role = guarded(role, *users, {});
  for (const char* pair : {"dev:word", "dev:wrong", "ops:word"}) {
    exchange.asked_headers.set("Authorization", basic(pair));
    exchange.asked_headers.set("Cookie", "a cookie");
    handle();
  }
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_NE(lines[0].find(R"("user":"dev")"), std::string::npos);
  EXPECT_NE(lines[1].find(R"("status":401)"), std::string::npos);
  EXPECT_NE(lines[1].find(R"("user":"")"), std::string::npos) << "who is not in has no name";
  for (const std::string& line : lines)
    for (const char* secret : {"word", "wrong", "Basic", "cookie", "ops"})
      EXPECT_EQ(line.find(secret), std::string::npos) << line;
}

TEST_F(HostTest, ACertificateNamesAUserUntilSomebodyLogsIn) {
  exchange.asked_client = "a machine";
  handle();
  EXPECT_EQ(asked_user, "a machine");
  EXPECT_NE(lines.at(0).find(R"("user":"a machine")"), std::string::npos);
  role = guarded(role, *users, {});
  exchange.asked_headers.set("Authorization", basic("dev:word"));
  handle();
  EXPECT_EQ(asked_user, "dev");
  EXPECT_NE(lines.at(1).find(R"("user":"dev")"), std::string::npos);
}

TEST_F(HostTest, AStreamIsSentAndLogged) {
  role = [](const Request&) {
    Response response;
    response.source = std::make_unique<TextReader>("a stream");
    response.length = 8;
    return response;
  };
  handle();
  EXPECT_EQ(exchange.answer_body, "a stream");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find(R"("bytes":8)"), std::string::npos);
}

TEST_F(HostTest, HeadDeclaresTheSizeOfAStreamAndSendsNothing) {
  exchange.asked_method = "HEAD";
  role = [](const Request&) {
    Response response;
    response.source = std::make_unique<TextReader>("a stream");
    response.length = 8;
    return response;
  };
  handle();
  EXPECT_EQ(exchange.answer_headers.get("Content-Length"), "8");
  EXPECT_EQ(exchange.answer_body, "");
  EXPECT_NE(lines.at(0).find(R"("bytes":0)"), std::string::npos);
}

TEST_F(HostTest, WhoIsRefusedIsToldTheNameOfTheRequest) {
  handle();
  EXPECT_FALSE(exchange.answer_headers.get("X-Request-Id"));
  role = [](const Request&) { return Response{.status = 404, .route = "tags", .repository = "a"}; };
  std::vector<std::string> ids;
  for (int i = 0; i < 2; ++i) {
    handle();
    ids.push_back(exchange.answer_headers.get("X-Request-Id").value_or(""));
    EXPECT_NE(lines.back().find("\"id\":\"" + ids.back() + R"(","route":"tags","repository":"a")"),
              std::string::npos)
        << lines.back();
  }
  EXPECT_FALSE(ids[0].empty());
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(HostTest, WhatWasReadOfTheBodyIsNoted) {
  exchange.send("seven");
  handle();
  EXPECT_NE(lines.at(0).find(R"("received":5)"), std::string::npos) << lines[0];
}

// Counts who is inside.
struct Inside final : Observer {
  int began_ = 0, noted = 0, ended_ = 0;
  void began() override { ++began_; }
  void note(const Served&, std::uint64_t) override { ++noted; }
  void ended() override { ++ended_; }
};

TEST_F(HostTest, AnObserverSeesTheBeginningAndTheEnd) {
  Inside inside;
  role = [&](const Request&) {
    EXPECT_EQ(inside.began_, 1);
    EXPECT_EQ(inside.ended_, 0);
    return Response{};
  };
  make_handler(fake.env(), {&inside}, role)(exchange);
  EXPECT_EQ(inside.noted, 1);
  EXPECT_EQ(inside.ended_, 1);
  role = [](const Request&) -> Response { throw std::bad_alloc(); };
  EXPECT_THROW(make_handler(fake.env(), {&inside}, role)(exchange), std::bad_alloc);
  EXPECT_EQ(inside.ended_, 2);
}

// Sleeps until somebody calls end().
class EndlessClock final : public sigstore::Clock {
 public:
  sigstore::Time now() const override { return std::chrono::system_clock::now(); }
  std::chrono::steady_clock::time_point steady() const override { return std::chrono::steady_clock::now(); }
  Result<void> sleep(sigstore::Duration duration) override {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, duration, [this] { return over_; }))
      return sigstore::fail(sigstore::Code::cancelled, "interrupted");
    return {};
  }
  void end() {
    const std::scoped_lock lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
};

TEST_F(HostTest, ServingEndsWithTheRun) {
  EndlessClock clock;
  sigstore::Env env = fake.env();
  env.clock = &clock;
  Host host(env);
  const auto addresses = host.listen({{}, {.address = "::1"}}, {}, role);
  ASSERT_TRUE(addresses) << addresses.error().text();
  ASSERT_EQ(addresses->size(), 2U);
  EXPECT_TRUE(addresses->at(0).starts_with("127.0.0.1:")) << addresses->at(0);
  EXPECT_TRUE(addresses->at(1).starts_with("[::1]:")) << addresses->at(1);
  std::thread later([&] { clock.end(); });
  host.wait();
  later.join();
  host.stop();
}

TEST_F(HostTest, HousekeepingIsDoneEveryMinute) {
  int minutes = 0;
  Host(fake.env()).wait([&] {
    if (++minutes == 3) fake.clock.cancel();
  });
  EXPECT_EQ(minutes, 3);
  EXPECT_EQ(fake.clock.sleeps(), std::vector<sigstore::Duration>(3, 1min));
}

TEST_F(HostTest, AnAddressThatCannotBeUsedIsAnErrorAtOnce) {
  Host host(fake.env());
  const auto addresses = host.listen({{}, {.address = "192.0.2.1"}}, {}, role);  // not ours
  ASSERT_FALSE(addresses);
  EXPECT_EQ(addresses.error().code, sigstore::Code::unreachable);
}

}  // namespace
}  // namespace server::host
