# escape=`
# syntax=x
ARG A=1 B="${A:-x}"
FROM a-${B:+y}${C-z}${E#*/}${A/1/2} `
  AS b
ONBUILD RUN <<-"X"
	X
ENV P=$P
COPY --from=$E <<A <<B /
A
B
