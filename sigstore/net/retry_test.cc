#include "sigstore/net/retry.h"

#include <gtest/gtest.h>

#include "sigstore/base/testing/fake_env.h"
#include "sigstore/net/http_date.h"
#include "sigstore/net/testing/scripted_transport.h"

namespace sigstore::net {
namespace {

using namespace std::chrono_literals;
using testing::answer;

struct RetryTest : ::testing::Test {
  fakes::FakeEnv fake;
  testing::ScriptedTransport transport;
  RetryPolicy policy;
  Request request{.url = Url::parse("https://r/v2/").value()};

  void answers(std::initializer_list<Response> responses) {
    for (const Response& response : responses) transport.on("GET https://r/v2/", response);
  }
  Result<Response> send(Repeat repeat = Repeat::idempotent, const BodySink* sink = nullptr) {
    return send_with_retry(transport, fake.env(), policy, repeat, request, sink);
  }
  // The pauses in whole milliseconds.
  std::vector<std::int64_t> pauses() {
    std::vector<std::int64_t> found;
    for (const Duration pause : fake.clock.sleeps())
      found.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(pause).count());
    return found;
  }
};

TEST_F(RetryTest, AGoodAnswerIsAskedForOnce) {
  answers({answer(200, {}, "x")});
  EXPECT_EQ(send()->body, "x");
  EXPECT_EQ(transport.log().size(), 1U);
  EXPECT_TRUE(pauses().empty());
}

TEST_F(RetryTest, StatusesThatAskForAnother) {
  for (const int status : {408, 429, 500, 502, 503, 504}) {
    testing::ScriptedTransport busy;
    busy.on("GET https://r/v2/", answer(status));
    busy.on("GET https://r/v2/", answer(200));
    EXPECT_EQ(send_with_retry(busy, fake.env(), policy, Repeat::idempotent, request)->status, 200) << status;
    EXPECT_EQ(busy.log().size(), 2U) << status;
  }
}

TEST_F(RetryTest, StatusesThatAreAnAnswer) {
  for (const int status : {301, 400, 401, 403, 404, 405, 409, 412, 413, 416, 501, 505}) {
    testing::ScriptedTransport final_word;
    final_word.on("GET https://r/v2/", answer(status));
    EXPECT_EQ(send_with_retry(final_word, fake.env(), policy, Repeat::idempotent, request)->status, status);
    EXPECT_EQ(final_word.log().size(), 1U) << status;
  }
}

TEST_F(RetryTest, ErrorsThatMayPass) {
  for (const Code code : {Code::unavailable, Code::timeout}) {
    testing::ScriptedTransport broken;
    broken.on("GET https://r/v2/", Error{code, "reset", {}, {}});
    broken.on("GET https://r/v2/", answer(200));
    EXPECT_TRUE(send_with_retry(broken, fake.env(), policy, Repeat::idempotent, request));
  }
}

TEST_F(RetryTest, ErrorsThatStay) {
  for (const Code code : {Code::unreachable, Code::tls, Code::malformed, Code::too_large, Code::cancelled}) {
    testing::ScriptedTransport broken;
    broken.on("GET https://r/v2/", Error{code, "no", {}, {}});
    broken.on("GET https://r/v2/", answer(200));
    const auto response = send_with_retry(broken, fake.env(), policy, Repeat::idempotent, request);
    ASSERT_FALSE(response) << name(code);
    EXPECT_EQ(response.error().code, code);
    EXPECT_EQ(broken.log().size(), 1U);
  }
}

TEST_F(RetryTest, WhatMayNotBeRepeatedIsSentOnce) {
  for (const char* method : {"PUT", "POST", "PATCH", "DELETE"}) {
    request.method = method;
    transport.on(std::string(method) + " https://r/v2/", answer(503));
    EXPECT_EQ(send(Repeat::never)->status, 503);
    EXPECT_EQ(transport.count(std::string(method) + " https://r/v2/"), 1U) << method;
  }
  transport.on("GET https://r/v2/", Error{Code::unavailable, "reset", {}, {}});
  request.method = "GET";
  EXPECT_FALSE(send(Repeat::never));
  EXPECT_EQ(transport.count("GET https://r/v2/"), 1U);
  EXPECT_TRUE(pauses().empty());
}

TEST_F(RetryTest, WhatWasRefusedForBeingAskedTooOftenWasNotDone) {
  request.method = "POST";
  transport.on("POST https://r/v2/", answer(429, {{"Retry-After", "2"}}));
  transport.on("POST https://r/v2/", answer(202));
  EXPECT_EQ(send(Repeat::refused)->status, 202);
  EXPECT_EQ(pauses().size(), 1U);
  for (const int status : {408, 500, 503}) {
    testing::ScriptedTransport failing;
    failing.on("POST https://r/v2/", answer(status));
    EXPECT_EQ(send_with_retry(failing, fake.env(), policy, Repeat::refused, request)->status, status);
    EXPECT_EQ(failing.count("POST https://r/v2/"), 1U);
  }
}

TEST_F(RetryTest, APutOfADigestIsRepeatedWithItsBody) {
  request.method = "PUT";
  request.body = "manifest";
  transport.on("PUT https://r/v2/", answer(500));
  transport.on("PUT https://r/v2/", answer(201));
  EXPECT_EQ(send()->status, 201);
  ASSERT_EQ(transport.requests().size(), 2U);
  EXPECT_EQ(transport.requests()[1].body, "manifest");
}

TEST_F(RetryTest, PausesGrowAndTheLastAnswerIsReturned) {
  policy.attempts = 4;
  answers(
      {answer(503, {}, "1"), answer(503, {}, "2"), answer(502, {}, "3"), answer(500, {}, "4"), answer(200)});
  const auto response = send();
  EXPECT_EQ(response->status, 500);
  EXPECT_EQ(response->body, "4");
  const auto slept = pauses();
  ASSERT_EQ(slept.size(), 3U);
  for (std::size_t i = 0, least = 1000; i < slept.size(); ++i, least *= 3) {
    EXPECT_GE(slept[i], static_cast<std::int64_t>(least));
    EXPECT_LE(slept[i], static_cast<std::int64_t>(least * 5 / 4));  // jitter
  }
}

TEST_F(RetryTest, NoPauseIsLongerThanTheLongest) {
  policy.attempts = 12;
  answers({answer(503)});
  EXPECT_EQ(send()->status, 503);
  EXPECT_EQ(transport.log().size(), 12U);
  EXPECT_EQ(pauses().back(), 30000);
}

TEST_F(RetryTest, RetryAfterInSeconds) {
  answers({answer(429, {{"Retry-After", "7"}}), answer(503, {{"retry-after", "0"}}), answer(200)});
  EXPECT_EQ(send()->status, 200);
  EXPECT_EQ(pauses(), (std::vector<std::int64_t>{7000, 0}));
}

TEST_F(RetryTest, RetryAfterAsADate) {
  const Time now = fake.clock.now();
  answers({answer(503, {{"Retry-After", http_date(now + 12s)}}),
           answer(503, {{"Retry-After", http_date(now - 60s)}}), answer(200)});
  EXPECT_EQ(send()->status, 200);
  EXPECT_EQ(pauses(), (std::vector<std::int64_t>{12000, 0}));
}

TEST_F(RetryTest, RetryAfterIsBounded) {
  answers({answer(429, {{"Retry-After", "86400"}}), answer(429, {{"Retry-After", "99999999999999999999"}}),
           answer(200)});
  EXPECT_EQ(send()->status, 200);
  EXPECT_EQ(pauses(), (std::vector<std::int64_t>{30000, 30000}));
}

TEST_F(RetryTest, ARetryAfterThatIsNoneDoesNotCount) {
  for (const char* value : {"soon", "-5", "1.5", "", "5 s"}) {
    fakes::FakeEnv fresh;
    testing::ScriptedTransport busy;
    busy.on("GET https://r/v2/", answer(503, {{"Retry-After", value}}));
    busy.on("GET https://r/v2/", answer(200));
    ASSERT_TRUE(send_with_retry(busy, fresh.env(), policy, Repeat::idempotent, request));
    ASSERT_EQ(fresh.clock.sleeps().size(), 1U);
    EXPECT_GE(fresh.clock.sleeps()[0], 1s) << value;
    EXPECT_LE(fresh.clock.sleeps()[0], 1250ms) << value;
  }
}

TEST_F(RetryTest, NobodySleepsBeyondTheDeadline) {
  transport.set_deadline(fake.clock.steady() + 10s);
  answers({answer(503, {{"Retry-After", "5"}}), answer(503, {{"Retry-After", "5"}}, "busy"), answer(200)});
  const auto response = send();
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->body, "busy");
  EXPECT_EQ(pauses(), (std::vector<std::int64_t>{5000}));
}

TEST_F(RetryTest, AnInterruptedPauseEndsIt) {
  answers({answer(503), answer(200)});
  fake.clock.cancel();
  const auto response = send();
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Code::cancelled);
  EXPECT_EQ(transport.log().size(), 1U);
}

TEST_F(RetryTest, NothingIsRepeatedOnceTheSinkHasABodysBeginning) {
  // A transport that delivers half a body before the connection breaks.
  struct HalfTransport final : Transport {
    int sent = 0;
    std::string delivered = "half";
    Result<Response> send(const Request&, const BodySink* sink) override {
      ++sent;
      TRY_OK((*sink)(as_bytes(delivered)));
      return fail(Code::unavailable, "reset");
    }
  } half;
  std::string received;
  const BodySink sink = [&](BytesView chunk) -> Result<void> {
    received += as_text(chunk);
    return {};
  };
  EXPECT_FALSE(send_with_retry(half, fake.env(), policy, Repeat::idempotent, request, &sink));
  EXPECT_EQ(half.sent, 1);
  EXPECT_EQ(received, "half");
  half.delivered = "";
  EXPECT_FALSE(send_with_retry(half, fake.env(), policy, Repeat::idempotent, request, &sink));
  EXPECT_EQ(half.sent, 4);
}

}  // namespace
}  // namespace sigstore::net
