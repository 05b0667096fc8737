FROM one
RUN ["a", "b"] <<EOF
COPY --from=0 "x y" z
COPY --from=9 x y
